/**
 * Declarations leave the compiler with imports as the sources write them, without extension. Bundlers' resolution takes that, Node's
 * (`moduleResolution: nodenext`) does not: every relative specifier gets the file it stands for.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const types = path.join(import.meta.dirname, '..', 'dist', 'types');
const specifier = /(\bfrom |\bimport\(|^import )(["'])(\.{1,2}(?:\/[^"']*)?)\2/gm;

for (const name of readdirSync(types, { recursive: true, encoding: 'utf8' })) {
  if (!name.endsWith('.d.ts')) continue;
  const file = path.join(types, name);
  const text = readFileSync(file, 'utf8');
  writeFileSync(
    file,
    text.replace(
      specifier,
      (_, before, quote, target) => `${before}${quote}${complete(file, target)}${quote}`,
    ),
  );
}

function complete(file, target) {
  const base = path.resolve(path.dirname(file), target);
  if (existsSync(`${base}.d.ts`)) return `${target}.js`;
  if (existsSync(path.join(base, 'index.d.ts'))) return `${target.replace(/\/$/, '')}/index.js`;
  throw new Error(
    `${path.relative(types, file)} imports ${target}, which has no declarations, so consumers could not resolve it.`,
  );
}
