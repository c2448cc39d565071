import { runAction } from './action.ts';
import { exitCodes } from './exit-codes.ts';
import { today } from './today.ts';

/** The process of the action: action/index.cjs is built from this (npm run build:action). */
const { stdout, stderr, env } = process;

runAction({
  env,
  cwd: process.cwd(),
  enter: (folder) => process.chdir(folder),
  today: today(),
  out: (text) => stdout.write(text),
  err: (text) => stderr.write(text),
}).then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  () => {
    // Neither the message nor the stack of an error: they may hold a piece of a dump.
    stdout.write(
      '::error title=vyos-ipsec-lint::an internal error; nothing was judged. This is a fault of vyos-ipsec-lint and ' +
        'not of your dumps. Please report it with the step of the workflow and the version, and without any secret.\n',
    );
    process.exitCode = exitCodes.failed;
  },
);
