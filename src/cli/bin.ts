#!/usr/bin/env node
import { exitCodes, main } from './main.ts';

/** The only place that touches the process. */
const { stdout, stderr, argv, env } = process;

// A reader that has seen enough (head, less) closes the pipe; that is no error.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

main({
  argv: argv.slice(2),
  env,
  terminal: stdout.isTTY === true,
  columns: stdout.isTTY ? stdout.columns : undefined,
  out: (text) => stdout.write(text),
  err: (text) => stderr.write(text),
}).then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  () => {
    // Neither the message nor the stack of an error: they may hold a piece of a dump.
    stderr.write(
      'vyos-ipsec-lint: an internal error; nothing was judged. This is a fault of vyos-ipsec-lint and not of your\n' +
        'dumps. Please report it with the command line and the version, and without any secret.\n',
    );
    process.exitCode = exitCodes.failed;
  },
);
