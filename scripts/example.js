import { spawnSync } from 'node:child_process';

// The example pair has a mismatch on purpose, so the command's exit code 1 is what is wanted here.
const pair = ['a', 'b'].map((side) => `fixtures/pairs/rule-ike-dh-group-mismatch/${side}.conf`);
console.log(`$ vyos-ipsec-lint ${pair.join(' ')}\n`);
const { status } = spawnSync(process.execPath, ['dist/cli.cjs', ...pair], { stdio: 'inherit' });
process.exitCode = status === 1 ? 0 : 1;
