import { debFiles } from '../collectors/deb-files.ts';
import { debInstalled } from '../collectors/deb-installed.ts';
import { debSystemBefore, debSystemNow } from '../collectors/deb-snapshot.ts';
import { packageServices } from '../collectors/package-services.ts';
import type { PackageManager } from '../contracts/package-manager.ts';
import { describeSystem, identify } from './apt-identify.ts';
import { install } from './apt-install.ts';
import { prepare } from './apt-prepare.ts';
import { stage } from './apt-stage.ts';
import { purge, remove } from './apt-uninstall.ts';

/** Debian's package manager: apt-get, apt-cache and dpkg, from Debian 11 on. */
export const apt: PackageManager = {
  family: 'deb',
  prepare,
  stage,
  describeSystem,
  install,
  identify,
  remove,
  purge,
  collectors: [debInstalled, debFiles, debSystemBefore, debSystemNow, packageServices],
};
