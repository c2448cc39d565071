#!/usr/bin/env node
import { exitCodes } from './exit-codes.ts';
import { main } from './main.ts';
import { today } from './today.ts';

/** The only place that touches the process. */
const { stdout, stderr, argv, env } = process;

// A reader that has seen enough (head, less) closes the pipe; that is no error.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

main({
  argv: argv.slice(2),
  env,
  cwd: process.cwd(),
  terminal: stdout.isTTY === true,
  errTerminal: stderr.isTTY === true,
  columns: stdout.isTTY ? stdout.columns : undefined,
  today: today(),
  out: (text) => stdout.write(text),
  err: (text) => stderr.write(text),
  fail: (message) => stderr.write(`vyos-ipsec-lint: ${message}\n`),
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
