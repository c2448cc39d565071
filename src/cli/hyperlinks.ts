import { createSupportsHyperlinks } from 'supports-hyperlinks';

/** Whether the terminal of standard output makes links of OSC 8. */
export function terminalHasHyperlinks(): boolean {
  return createSupportsHyperlinks({ isTTY: true });
}
