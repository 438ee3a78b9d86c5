import type { InstalledPackage } from '../contracts/facts.ts';

/** `[epoch:]version-release`, as a query format of rpm(8). An epoch of 0 and none are the same to rpm-version(7). */
export const EVR = '%|EPOCH?{%{EPOCH}:}:{}|%{VERSION}-%{RELEASE}';

/** An epoch of 0 is the same as none. */
export function withoutZeroEpoch(version: string): string {
  return version.replace(/^0+:/, '');
}

/** What rpm(8) calls one of several installations of a name: that which is tested. A label has no epoch for every rpm. */
export function labelOf({ name, version, architecture }: InstalledPackage): string {
  return version === null ? name : `${name}-${version.replace(/^\d+:/, '')}.${architecture}`;
}
