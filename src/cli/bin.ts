#!/usr/bin/env node
import { exitCodes } from './exit-codes.ts';
import { main } from './main.ts';
import { guarded } from './streams.ts';
import { today } from './today.ts';

/** The only place that touches the process. */
const { stdout, stderr, argv, env } = process;
const { out, err, lost, exitCode } = guarded(stdout, stderr, 'vyos-ipsec-lint');

let ofRun: number = exitCodes.failed;
// A stream may fail after the last line was handed to it.
process.on('exit', () => {
  process.exitCode = exitCode(ofRun);
});

main({
  argv: argv.slice(2),
  env,
  cwd: process.cwd(),
  terminal: stdout.isTTY === true,
  errTerminal: stderr.isTTY === true,
  columns: stdout.isTTY ? stdout.columns : undefined,
  today: today(),
  lost,
  out,
  err,
  fail: (message) => err(`vyos-ipsec-lint: ${message}\n`),
}).then(
  (code) => {
    ofRun = code;
  },
  () => {
    // Neither the message nor the stack of an error: they may hold a piece of a dump.
    err(
      'vyos-ipsec-lint: an internal error; nothing was judged. This is a fault of vyos-ipsec-lint and not of your\n' +
        'dumps. Please report it with the command line and the version, and without any secret.\n',
    );
  },
);
