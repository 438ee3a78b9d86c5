import { describe, expect, it } from 'vitest';
import { parsePolicy, parseSha256 } from './apt-policy.ts';

const POLICY = `ca-certificates:
  Installed: 20230311+deb12u1
  Candidate: 20250419~deb12u2
  Version table:
     20250419~deb12u2 500
        500 http://user:secret@mirror.example/debian-security bookworm-security/main amd64 Packages
 *** 20230311+deb12u1 500
        500 http://mirror.example/debian bookworm/main amd64 Packages
        500 http://mirror.example/debian bookworm-updates/main amd64 Packages
        100 /var/lib/dpkg/status
     1.0-1 100
        100 /var/lib/dpkg/status
`;

describe('where a package came from', () => {
  it('is the first repository that has this very version', () => {
    expect(parsePolicy(POLICY, '20230311+deb12u1')).toBe('http://mirror.example/debian bookworm/main');
  });
  it('is shown without user and password', () => {
    expect(parsePolicy(POLICY, '20250419~deb12u2')).toBe(
      'http://mirror.example/debian-security bookworm-security/main',
    );
  });
  it('is not known when no repository has it', () => {
    expect(parsePolicy(POLICY, '1.0-1')).toBeNull();
    expect(parsePolicy('', '1.0-1')).toBeNull();
  });
});

describe('the digest of a package file', () => {
  const one = 'a'.repeat(64);
  const two = 'b'.repeat(64);
  const show = `Package: x\nVersion: 2\nArchitecture: amd64\nSHA256: ${two}\n\nPackage: x\nVersion: 1\nArchitecture: amd64\nDescription: y\n Version: 2\nSHA256: ${one}\n\n`;

  it('is that of this version and architecture', () => {
    expect(parseSha256(show, '1', 'amd64')).toBe(one);
    expect(parseSha256(show, '2', 'amd64')).toBe(two);
    expect(parseSha256(show, '2', 'i386')).toBeNull();
  });
});
