import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './source-files';

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...listPages('docs'),
  ...listPages('examples'),
];

function listPages(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith('.md') && !name.includes('node_modules'))
    .map((name) => join(folder, name));
}

function brokenLinks(page: string): string[] {
  const links = [...readFileSync(join(root, page), 'utf8').matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(
    (match) => match[1] ?? '',
  );
  const local = links.filter((link) => !/^[a-z]+:/.test(link));
  return local
    .filter((link) => !existsSync(join(root, dirname(page), link)))
    .map((link) => `${page} -> ${link}`);
}

describe('the documentation', () => {
  it('prints the API as the contract has it', () => {
    const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts/print-api.mjs'), '--check'], {
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('links only to what is there', () => {
    expect(pages.flatMap(brokenLinks)).toEqual([]);
  });

  it('puts the two commands on the first screen of the README', () => {
    const firstScreen = readFileSync(join(root, 'README.md'), 'utf8').split('\n').slice(0, 24).join('\n');
    expect(firstScreen).toContain('npm start');
    expect(firstScreen).toContain('npm test');
  });

  it('numbers each decision once', () => {
    const numbers = readdirSync(join(root, 'docs/decisions')).flatMap(
      (name) => name.match(/^\d{4}/)?.[0] ?? [],
    );
    expect(numbers).toEqual([...new Set(numbers)]);
  });
});
