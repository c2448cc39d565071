import { transformSync } from 'esbuild';

/** Jest's transformer: strips the types, keeps the lines. */
export default {
  process(source, path) {
    return transformSync(source, {
      loader: 'ts',
      format: 'esm',
      target: 'node20',
      sourcemap: 'inline',
      sourcefile: path,
    });
  },
};
