import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { type ModuleItem, parseSync } from '@swc/core';

export const root = resolve(__dirname, '../..');

export interface Import {
  /** Path relative to the root, or the specifier of a package. */
  to: string;
  /** Gone after compiling: `import type`, `export type`, `import('…')` in a type. */
  isTypeOnly: boolean;
}

export interface SourceFile {
  path: string;
  lines: number;
  imports: Import[];
}

/** Every code file below the folders, with what it imports. */
export function readSourceFiles(...folders: string[]): SourceFile[] {
  return folders.flatMap(listCode).map((path) => {
    const code = readFileSync(join(root, path), 'utf8');
    const isTypeScript = /\.tsx?$/.test(path);
    return {
      path,
      lines: code.trimEnd().split('\n').length,
      imports: isTypeScript ? readImports(path, code) : [],
    };
  });
}

function listCode(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  const isCode = (path: string) =>
    /\.[mc]?[jt]sx?$/.test(path) && !/(^|\/)(node_modules|dist|\.data)\//.test(path);
  return names
    .map((name) => join(folder, name))
    .filter((path) => isCode(path) && statSync(join(root, path)).isFile());
}

function readImports(path: string, code: string): Import[] {
  const { body } = parseSync(code, { syntax: 'typescript', tsx: path.endsWith('x'), decorators: true });
  const dynamic = [...code.matchAll(/(typeof )?\bimport\('([^']+)'\)/g)].map((match) => ({
    specifier: match[2] as string,
    isTypeOnly: match[1] !== undefined,
  }));
  return [...body.flatMap(readStatement), ...dynamic].map(({ specifier, isTypeOnly }) => ({
    to: specifier.startsWith('.') ? locate(path, specifier) : specifier,
    isTypeOnly,
  }));
}

function readStatement(item: ModuleItem): { specifier: string; isTypeOnly: boolean }[] {
  switch (item.type) {
    case 'ImportDeclaration':
      return [{ specifier: item.source.value, isTypeOnly: item.typeOnly }];
    case 'ExportNamedDeclaration':
      return item.source ? [{ specifier: item.source.value, isTypeOnly: item.typeOnly }] : [];
    case 'ExportAllDeclaration':
      return [{ specifier: item.source.value, isTypeOnly: false }];
    default:
      return [];
  }
}

function locate(importer: string, specifier: string): string {
  const base = join(dirname(importer), specifier);
  const candidates = [
    ...['', '.ts', '.tsx', '/index.ts', '/index.tsx'].map((ending) => `${base}${ending}`),
    // What Node resolves by itself is named as it will be once compiled.
    base.replace(/\.js$/, '.ts'),
  ];
  const found = candidates.find(
    (path) => existsSync(join(root, path)) && statSync(join(root, path)).isFile(),
  );
  if (!found) throw new Error(`${importer} imports ${specifier}, and there is no such file.`);
  return relative(root, join(root, found));
}
