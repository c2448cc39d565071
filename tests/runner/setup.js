import fc from 'fast-check';

// The runner tells its threads so that the terminal has colours: what the tests start is not to hear of it.
delete process.env.FORCE_COLOR;

fc.configureGlobal({
  // One seed, so that a change fails for what it changed; what looks at more inputs takes one of its own.
  seed: 1256003783,
  // With what was expected, and not only the input.
  includeErrorInReport: true,
});
