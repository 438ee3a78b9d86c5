import type { Environment, FileContent, FileEntry, Runner } from '@alts/sdk/plugin';
import { type Broken, brokenEnvironment } from './broken.fixture.ts';

type Found = AsyncIterable<FileContent>;
type ReadOptions = Parameters<Environment['read']>[1];

function brokenRead(
  read: (right: Environment['read'], paths: readonly string[], options: ReadOptions) => Found,
): (runner: Runner) => Runner {
  return brokenEnvironment((environment) => ({
    read: (paths, options) => read(environment.read, [...paths], options),
  }));
}

/** Changes each answer. */
const eachFound = (change: (one: FileContent) => FileContent | undefined) =>
  brokenRead(async function* (read, paths, options) {
    for await (const one of read(paths, options)) {
      const changed = change(one);
      if (changed) yield changed;
    }
  });

/** Changes each entry before it is written. */
const eachWritten = (change: (entry: FileEntry) => FileEntry) =>
  brokenEnvironment((environment) => ({
    write: (files, options) => environment.write([...files].map(change), options),
  }));

export const brokenReads: readonly Broken<Runner>[] = [
  {
    fault: 'answers in an order of its own',
    breaks: 'answers in the order asked',
    make: brokenRead((read, paths, options) => read(paths.toSorted(), options)),
  },
  {
    fault: 'answers once for a path that was asked for twice',
    breaks: 'once for each time asked',
    make: brokenRead((read, paths, options) => read(new Set(paths), options)),
  },
  {
    fault: 'leaves out what is missing',
    breaks: 'says what is missing',
    make: eachFound((one) => (one.type === 'missing' ? undefined : one)),
  },
  {
    fault: 'loses the special bits of a mode',
    breaks: 'tells mode and owner of files and directories',
    make: eachFound((one) => ('mode' in one ? { ...one, mode: one.mode & 0o777 } : one)),
  },
  {
    fault: 'does not know the owner',
    breaks: 'tells mode and owner of files and directories',
    make: eachFound((one) => ('uid' in one ? { ...one, uid: 0 } : one)),
  },
  {
    fault: 'says that a link is a file',
    breaks: 'does not follow a symbolic link',
    make: eachFound((one) =>
      one.type === 'symlink' ? { ...one, type: 'file', mode: 0o777, content: new Uint8Array() } : one,
    ),
  },
  {
    fault: 'says that a fifo is missing',
    breaks: 'says other for what is neither file, directory nor link',
    make: eachFound((one) => (one.type === 'other' ? { ...one, type: 'missing' } : one)),
  },
  {
    fault: 'splits names at newlines',
    breaks: 'read: takes names as they are',
    make: brokenRead((read, paths, options) =>
      read(
        paths.flatMap((path) => path.split('\n')),
        options,
      ),
    ),
  },
  {
    fault: 'cuts large files off',
    breaks: 'brings every byte',
    make: eachFound((one) => (one.type === 'file' ? { ...one, content: one.content.subarray(0, 1_000_000) } : one)),
  },
  {
    fault: 'stops after a thousand files',
    breaks: 'brings thousands of files in order',
    make: brokenRead((read, paths, options) => read(paths.slice(0, 1000), options)),
  },
  {
    fault: 'knows no limit',
    breaks: 'refuses a file that is larger than it may be',
    make: brokenRead((read, paths) => read(paths)),
  },
  {
    fault: 'takes the limit for one that must not be reached',
    breaks: 'takes one that is just as large',
    make: brokenRead((read, paths, options) =>
      read(paths, { ...options, maxFileBytes: (options?.maxFileBytes ?? 1_000_000_000) - 1 }),
    ),
  },
  {
    fault: 'reads on after an abort',
    breaks: 'read: ends with the reason of the signal',
    make: brokenRead((read, paths) => read(paths)),
  },
];

export const brokenWrites: readonly Broken<Runner>[] = [
  {
    fault: 'writes links as files',
    breaks: 'writes files, directories and links',
    make: eachWritten((entry) =>
      entry.type === 'symlink' ? { ...entry, type: 'file', content: Buffer.from(entry.target ?? '') } : entry,
    ),
  },
  {
    fault: 'lets the umask have its way',
    breaks: 'sets modes as said',
    make: eachWritten((entry) => (entry.mode === undefined ? entry : { ...entry, mode: entry.mode & ~0o022 })),
  },
  {
    fault: 'loses the special bits of a mode',
    breaks: 'sets modes as said',
    make: eachWritten((entry) => (entry.mode === undefined ? entry : { ...entry, mode: entry.mode & 0o777 })),
  },
  {
    fault: 'makes all files its own',
    breaks: 'sets owners as said',
    make: eachWritten((entry) => ({ ...entry, uid: 0, gid: 0 })),
  },
  {
    fault: 'gives parent directories the mode of the file',
    breaks: 'makes parent directories that are missing',
    make: brokenEnvironment((environment) => ({
      write: async (files, options) => {
        const entries = [...files];
        await environment.write(entries, options);
        const parents = entries.map(({ path }) => path.slice(0, path.lastIndexOf('/')));
        await environment.exec(['chmod', '700', ...parents.filter((path) => path.includes('conformance-'))]);
      },
    })),
  },
  {
    fault: 'writes over the beginning of what is there',
    breaks: 'replaces a file that is there',
    make: eachWritten((entry) =>
      entry.content?.byteLength === 5 ? { ...entry, content: Buffer.from('shortg content') } : entry,
    ),
  },
  {
    fault: 'loses files after the first hundred',
    breaks: 'writes hundreds of files',
    make: brokenEnvironment((environment) => ({
      write: (files, options) => environment.write([...files].slice(0, 100), options),
    })),
  },
  {
    fault: 'takes names for text of a shell',
    breaks: 'write: takes names as they are',
    make: eachWritten((entry) => ({ ...entry, path: entry.path.replace('$HOME', '/root') })),
  },
  {
    fault: 'writes although it was aborted before',
    breaks: 'writes nothing when the signal was aborted before',
    make: brokenEnvironment((environment) => ({ write: (files) => environment.write(files) })),
  },
];
