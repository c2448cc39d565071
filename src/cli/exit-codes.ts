/** Exit codes of the command (report.md). */
export const exitCodes = { clean: 0, found: 1, failed: 2 } as const;
