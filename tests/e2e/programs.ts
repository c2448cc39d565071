/** The command and the action without their processes: what served.js runs. */
export { runAction } from '../../src/cli/action.ts';
export { main } from '../../src/cli/main.ts';
export { today } from '../../src/cli/today.ts';
