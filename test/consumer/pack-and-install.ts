import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

const root = join(import.meta.dirname, '../..');

/** A project elsewhere that has our packages as npm would give them to it: from tarballs. */
export interface Consumer extends AsyncDisposable {
  readonly directory: string;
}

/** Names of all packages that are published. */
export async function publishedPackages(): Promise<string[]> {
  const names: string[] = [];
  for (const place of ['packages', 'apps']) {
    for (const folder of await readdir(join(root, place))) {
      const manifest = JSON.parse(await readFile(join(root, place, folder, 'package.json'), 'utf8')) as {
        name: string;
        private?: boolean;
      };
      if (!manifest.private) names.push(manifest.name);
    }
  }
  return names;
}

/** Packs the packages (built before) and installs the tarballs in an empty directory elsewhere. */
export async function packAndInstall(names: readonly string[], more: readonly string[] = []): Promise<Consumer> {
  const directory = await mkdtemp(join(tmpdir(), 'alts-consumer-'));
  try {
    const workspaces = names.flatMap((name) => ['-w', name]);
    await execa('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', directory, ...workspaces], {
      cwd: root,
    });
    const tarballs = (await readdir(directory)).filter((file) => file.endsWith('.tgz')).map((file) => `./${file}`);
    if (tarballs.length !== names.length) throw new Error(`${names.length} packages gave ${tarballs.length} tarballs`);
    await writeFile(join(directory, 'package.json'), '{ "name": "consumer", "private": true, "type": "module" }\n');
    const quiet = ['--no-audit', '--no-fund', '--loglevel=error', '--ignore-scripts'];
    await execa('npm', ['install', ...quiet, ...tarballs, ...more], { cwd: directory });
    return { directory, [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }) };
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
}
