import type { LoaderView } from '../contracts/elf.ts';
import type { Collector } from '../contracts/facts.ts';
import { readLdCache } from './elf/ld-cache.ts';
import { collectOutput } from './elf/probe-files.ts';

/** ldconfig(8) reads the first file, which as a rule includes the others. Then a NUL, and the cache. */
const SCRIPT = `cat /etc/ld.so.conf /etc/ld.so.conf.d/*.conf 2>/dev/null
printf '\\0'
cat /etc/ld.so.cache 2>/dev/null; :`;
const MAX_DIRECTORIES = 256;

async function* nothing() {}

/** What the loader knows of the system: its cache, and the directories that go into it. ldconfig is not run. */
export const loaderView: Collector<'loader.view'> = {
  fact: 'loader.view',
  needs: [],
  async collect(environment, _facts, _context, { signal }) {
    return parseLoaderView(await collectOutput(environment, ['sh', '-c', SCRIPT], nothing(), signal));
  },
};

/** Reads what the script prints. */
export function parseLoaderView(output: Buffer): LoaderView {
  const end = output.indexOf(0);
  const [configuration, cache] = [output.subarray(0, end), output.subarray(end + 1)];
  return {
    cache: Object.fromEntries(readLdCache(cache)),
    configured: parseLoaderConfiguration(configuration.toString()),
  };
}

/** Directories of ld.so.conf(5): one a line, `#` starts a comment, `include` and `hwcap` are no directories. */
function parseLoaderConfiguration(text: string): string[] {
  const directories = text.split('\n').flatMap((line) => {
    const [directory = ''] = line.replace(/#.*/, '').trim().split('=');
    return directory.startsWith('/') ? [directory.trim()] : [];
  });
  return [...new Set(directories)].slice(0, MAX_DIRECTORIES);
}
