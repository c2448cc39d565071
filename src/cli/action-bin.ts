import { runAction } from './action.ts';
import { exitCodes } from './exit-codes.ts';
import { guarded } from './streams.ts';
import { today } from './today.ts';

/** The process of the action: action/index.cjs is built from this (npm run build:action). */
const { stdout, stderr, env } = process;
const { out, err, lost, exitCode } = guarded(stdout, stderr, 'vyos-ipsec-lint');

let ofRun: number = exitCodes.failed;
process.on('exit', () => {
  process.exitCode = exitCode(ofRun);
});

runAction({
  env,
  cwd: process.cwd(),
  enter: (folder) => process.chdir(folder),
  today: today(),
  lost,
  out,
  err,
}).then(
  (code) => {
    ofRun = code;
  },
  () => {
    // Neither the message nor the stack of an error: they may hold a piece of a dump.
    out(
      '::error title=vyos-ipsec-lint::an internal error; nothing was judged. This is a fault of vyos-ipsec-lint and ' +
        'not of your dumps. Please report it with the step of the workflow and the version, and without any secret.\n',
    );
  },
);
