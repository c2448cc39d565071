import fc from 'fast-check';

fc.configureGlobal({
  // One seed, so that a change fails for what it changed; what looks at more inputs takes one of its own.
  seed: 1256003783,
  // With what was expected, and not only the input.
  includeErrorInReport: true,
});
