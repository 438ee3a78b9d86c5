import type { Check, Problem, Repository } from './repository.ts';

const REPOSITORY = 'git+https://github.com/AlmaLinux/alts.git';

type Fields = Record<string, unknown>;

function* missing(file: string, found: Fields, wanted: Fields): Iterable<Problem> {
  for (const [field, value] of Object.entries(wanted)) {
    if (JSON.stringify(found[field]) !== JSON.stringify(value)) {
      yield { file, message: `"${field}" has to be ${JSON.stringify(value)}` };
    }
  }
}

function* exportsOf(file: string, exported: unknown): Iterable<Problem> {
  const entries = Object.entries((exported ?? {}) as Fields).filter(([, target]) => typeof target === 'object');
  if (entries.length === 0) yield { file, message: '"exports" has to name at least one module' };
  for (const [door, target] of entries) {
    const conditions = Object.keys(target as Fields).join(', ');
    if (conditions !== '@alts/source, types, default') {
      yield {
        file,
        message: `"exports" of "${door}" has the conditions ${conditions}: @alts/source, types, default it is`,
      };
    }
  }
}

function* publishable(repository: Repository, folder: string, manifest: Fields): Iterable<Problem> {
  const file = `${folder}/package.json`;
  yield* missing(file, manifest, {
    license: 'Apache-2.0',
    repository: { type: 'git', url: REPOSITORY, directory: folder },
    homepage: `https://github.com/AlmaLinux/alts/tree/main/${folder}#readme`,
    bugs: 'https://github.com/AlmaLinux/alts/issues',
    type: 'module',
    engines: { node: '>=22.16' },
    publishConfig: { access: 'public', provenance: true },
  });
  yield* exportsOf(file, manifest['exports']);
  if (manifest['sideEffects'] === undefined) yield { file, message: '"sideEffects" has to be said' };
  const files = Array.isArray(manifest['files']) ? manifest['files'] : [];
  for (const wanted of ['dist', 'src', '!src/**/*.test.ts']) {
    if (!files.includes(wanted)) yield { file, message: `"files" has to have ${wanted}` };
  }
  // npm takes a licence into a package only from the package's own folder.
  const licence = repository.text(`${folder}/LICENSE`);
  if (licence !== repository.text('LICENSE'))
    yield { file: `${folder}/LICENSE`, message: 'has to be a copy of LICENSE' };
  if (!repository.text(`${folder}/README.md`)) yield { file: `${folder}/README.md`, message: 'is missing' };
}

/** Every package that is published says the same of itself. */
export const packageFields: Check = function* (repository) {
  for (const file of repository.files) {
    const folder = /^((?:packages|apps)\/[^/]+)\/package\.json$/.exec(file)?.[1];
    if (!folder) continue;
    const manifest = JSON.parse(repository.text(file) ?? '{}') as Fields;
    if (manifest['private'] !== true) yield* publishable(repository, folder, manifest);
  }
};
