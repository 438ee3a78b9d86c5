import { isChanged, type LaterSnapshot, type SystemFile, type SystemSnapshot } from '../contracts/snapshot.ts';
import { differentPaths, OwnerSearch } from './path-owners.ts';
import { RecordStream } from './record-stream.ts';
import { SECTION, type SnapshotFamily } from './snapshot-script.ts';
import { parseProcesses } from './system-processes.ts';
import {
  parseAccounts,
  parseAlternatives,
  parseDiversions,
  parsePackages,
  parseStatOverrides,
} from './system-registers.ts';

const TYPES: Readonly<Record<string, SystemFile['type']>> = { f: 'file', d: 'directory', l: 'symlink' };

/** Reads what the script of a snapshot prints, while it comes: a system of 200,000 files is 30 MB of it. */
export class SnapshotReader {
  readonly #stream = new RecordStream((record) => this.#read(record));
  readonly #family: SnapshotFamily;
  readonly #before: SystemSnapshot | undefined;
  readonly #files = new Map<string, SystemFile>();
  /** Of all sections but those of files and listing. */
  readonly #records = new Map<string, string[]>();
  #section = '';
  #pending: string | undefined;
  #search: OwnerSearch | undefined;
  #owner = '';

  /** @param before for a later snapshot, which says who owns what is different from it */
  constructor(family: SnapshotFamily, before?: SystemSnapshot) {
    this.#family = family;
    this.#before = before;
  }

  push(chunk: Uint8Array): void {
    this.#stream.push(chunk);
  }

  /** False when the script did not come to its end, or found no file at all. */
  get complete(): boolean {
    return this.#section === 'end' && this.#files.size > 0;
  }

  get snapshot(): LaterSnapshot {
    const text = (section: string) => this.#records.get(section)?.[0] ?? '';
    return {
      files: this.#files,
      packages: parsePackages(text('packages')),
      users: parseAccounts(text('users')),
      groups: parseAccounts(text('groups')),
      alternatives: parseAlternatives(text('alternatives')),
      diversions: parseDiversions(text('diversions')),
      statOverrides: parseStatOverrides(text('overrides')),
      processes: parseProcesses({
        self: Number(text('self')),
        programs: this.#records.get('programs') ?? [],
        stats: text('stats'),
        commands: text('commands'),
      }),
      owners: this.#search?.owners ?? new Map(),
    };
  }

  #read(record: string): void {
    // A target may be anything, also what looks like a section.
    if (this.#pending !== undefined) {
      this.#addFile(this.#pending, record);
      this.#pending = undefined;
    } else if (record.startsWith(SECTION)) this.#open(record.slice(1));
    else if (this.#section === 'files') this.#pending = record;
    else if (this.#section === 'listing') this.#list(record);
    else this.#records.get(this.#section)?.push(record);
  }

  #open(section: string): void {
    this.#section = section;
    this.#records.set(section, []);
    if (section !== 'listing' || !this.#before) return;
    const different = differentPaths(this.#before.files, this.#files);
    this.#search = new OwnerSearch(different, this.#files, parseDiversions(this.#records.get('diversions')?.[0] ?? ''));
  }

  #addFile(record: string, target: string): void {
    const start = record.indexOf(' /') + 1;
    const [letter = '', mode = '', uid, gid, size, time] = record.slice(0, start).split(' ');
    if (start === 0 || time === undefined) return;
    const path = record.slice(start);
    const common = {
      type: TYPES[letter] ?? 'other',
      mode: Number.parseInt(mode, 8),
      uid: Number(uid),
      gid: Number(gid),
      size: Number(size),
      modifiedAt: Number(time) * 1000,
    };
    const file: SystemFile = common.type === 'symlink' ? { ...common, target } : common;
    // Most of a system stays as it was: two snapshots share what they have in common.
    const old = this.#before?.files.get(path);
    this.#files.set(path, old && !isChanged(old, file) ? old : file);
  }

  #list(line: string): void {
    const owner = this.#family.packageOf(line);
    if (owner !== undefined) this.#owner = owner;
    else if (line.startsWith('/')) this.#search?.add(line, this.#owner);
  }
}
