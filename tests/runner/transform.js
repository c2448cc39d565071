import { transform } from 'esbuild';

/** Strips the types of a file. */
export async function stripTypes(source, file) {
  const { code } = await transform(source, {
    loader: 'ts',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
    sourcefile: file,
  });
  return { code };
}

/** The transformer of Jest's own runner. */
export default { processAsync: stripTypes };
