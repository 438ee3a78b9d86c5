import type { Abortable, Environment } from '../../contracts/environment.ts';
import { readLdCache } from './ld-cache.ts';
import type { LoaderView } from './loader-search.ts';

const CACHE = '/etc/ld.so.cache';
/** ldconfig(8) reads the first, which as a rule includes the others. */
const CONFIGURATION = 'cat /etc/ld.so.conf /etc/ld.so.conf.d/*.conf 2>/dev/null; :';
const MAX_DIRECTORIES = 256;

/** What the loader knows of the system: its cache, and the directories that go into it. */
export async function readLoaderView(environment: Environment, options: Abortable): Promise<LoaderView> {
  const [cache, configured] = await Promise.all([
    readCache(environment, options),
    readConfigured(environment, options),
  ]);
  return { cache, configured };
}

async function readCache(environment: Environment, options: Abortable): Promise<LoaderView['cache']> {
  for await (const found of environment.read([CACHE], options)) {
    if (found.type === 'file') return readLdCache(found.content);
  }
  return new Map();
}

async function readConfigured(environment: Environment, { signal }: Abortable): Promise<string[]> {
  const { stdout } = await environment.exec(['sh', '-c', CONFIGURATION], { signal });
  return parseLoaderConfiguration(Buffer.from(stdout).toString());
}

/** Directories of ld.so.conf(5): one a line, `#` starts a comment, `include` and `hwcap` are no directories. */
export function parseLoaderConfiguration(text: string): string[] {
  const directories = text.split('\n').flatMap((line) => {
    const [directory = ''] = line.replace(/#.*/, '').trim().split('=');
    return directory.startsWith('/') ? [directory.trim()] : [];
  });
  return [...new Set(directories)].slice(0, MAX_DIRECTORIES);
}
