import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

const brotliAsync = promisify(brotliCompress);
const gzipAsync = promisify(gzip);

const COMPRESSIBLE = /\.(js|css|svg)$/;
const WORTH_IT_BYTES = 1_024;

/** Writes each script and style also as `.br` and `.gz`, so that the api serves them without any work. */
export function compress(): Plugin {
  return {
    name: 'compress',
    apply: 'build',
    generateBundle: {
      order: 'post',
      async handler(_options, bundle) {
        const files = Object.entries(bundle).filter(([name]) => COMPRESSIBLE.test(name));
        for (const [name, file] of files) {
          const source = Buffer.from(file.type === 'chunk' ? file.code : file.source);
          if (source.length < WORTH_IT_BYTES) continue;
          const [brotli, gzipped] = await Promise.all([
            brotliAsync(source, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
            gzipAsync(source, { level: 9 }),
          ]);
          this.emitFile({ type: 'asset', fileName: `${name}.br`, source: brotli });
          this.emitFile({ type: 'asset', fileName: `${name}.gz`, source: gzipped });
        }
      },
    },
  };
}
