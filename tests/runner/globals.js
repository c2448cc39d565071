/** What @jest/globals exports to files of tests that share one realm: the package itself is for Jest's own runner. */
export const { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } = globalThis;
