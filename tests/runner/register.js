import { register } from 'node:module';

// For node --import: every thread that Jest starts imports TypeScript, and Jest's functions by their usual name.
register('./hooks.js', import.meta.url);
