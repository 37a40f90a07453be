import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import ofCore from './defects/core.json';
import ofServer from './defects/server.json';

/** One guard taken out of the code, and the test file that must notice. */
export interface Defect {
  name: string;
  file: string;
  /** Stands exactly once in the file. */
  find: string;
  replace: string;
  tests: string;
}

export const defects: readonly Defect[] = [...ofCore, ...ofServer];

export interface DefectFacts {
  seeded: number;
  caught: number;
  violations: string[];
}

const root = resolve();
/** Milliseconds after which a suite that does not end counts as having noticed. */
const PATIENCE_MS = 180_000;

/** Defects whose text is not there (any more), or there more than once: a list that has gone stale proves nothing. */
export async function staleDefects(): Promise<string[]> {
  const checked = await Promise.all(
    defects.map(async ({ name, file, find }) => {
      const found = (await readFile(join(root, file), 'utf8')).split(find).length - 1;
      return found === 1 ? [] : [`"${name}": its text stands ${found} times in ${file}`];
    }),
  );
  return checked.flat();
}

/**
 * Seeds each defect in a copy of the sources and runs the tests that must fail. They must pass without it, and fail by a failed test: a suite
 * that does not even load has noticed nothing.
 */
export async function seededDefects(chosen: readonly Defect[], lanes = 2): Promise<DefectFacts> {
  const violations: string[] = await staleDefects();
  let caught = 0;
  const left = [...chosen];
  const suites = [...new Set(chosen.map(({ tests }) => tests))];
  await Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      const copy = await copySources();
      try {
        for (let suite = suites.shift(); suite; suite = suites.shift()) {
          const { failed, passed } = await runTests(copy, suite);
          if (failed > 0 || passed === 0) violations.push(`${suite} does not pass without any defect`);
        }
        for (let defect = left.shift(); defect; defect = left.shift()) {
          if (await isCaught(copy, defect)) caught += 1;
          else violations.push(`"${defect.name}" (${defect.file}) is not noticed by ${defect.tests}`);
        }
      } finally {
        await rm(copy, { recursive: true, force: true });
      }
      return lane;
    }),
  );
  return { seeded: chosen.length, caught, violations };
}

async function copySources(): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'trama-defects-'));
  const filter = (path: string) => !path.endsWith('node_modules');
  for (const name of ['src', 'tests', 'package.json', 'jest.config.mjs', 'jest.shared.mjs', 'tsconfig.json'])
    await cp(join(root, name), join(copy, name), { recursive: true, filter });
  await mkdir(join(copy, 'reports'));
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

async function isCaught(copy: string, { file, find, replace, tests }: Defect): Promise<boolean> {
  const path = join(copy, file);
  const sound = await readFile(path, 'utf8');
  await writeFile(
    path,
    sound.replace(find, () => replace),
  );
  try {
    const { failed, isOver } = await runTests(copy, tests);
    return failed > 0 || !isOver;
  } finally {
    await writeFile(path, sound);
  }
}

interface Outcome {
  passed: number;
  failed: number;
  /** False when it had to be stopped. */
  isOver: boolean;
}

async function runTests(copy: string, tests: string): Promise<Outcome> {
  const report = join(copy, 'reports', 'jest.json');
  await rm(report, { force: true });
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const options = [
    '--selectProjects',
    'node',
    '--runInBand',
    '--forceExit',
    '--json',
    `--outputFile=${report}`,
  ];
  const child = spawn(process.execPath, [jest, ...options, '--testPathPatterns', tests], {
    cwd: copy,
    stdio: 'ignore',
    // At the scale of every `npm test`: that is what has to notice, and a full one would outlast the patience without any defect.
    env: { ...process.env, TRAMA_RELIABILITY: '' },
  });
  let isOver = true;
  const timer = setTimeout(() => {
    isOver = false;
    child.kill('SIGTERM');
  }, PATIENCE_MS);
  const signal = await new Promise((done) => child.once('exit', (_, by) => done(by)));
  clearTimeout(timer);
  const text = await readFile(report, 'utf8').catch(() => '{}');
  const { numPassedTests: passed = 0, numFailedTests: failed = 0 } = JSON.parse(text);
  return { passed, failed, isOver: isOver && signal === null };
}
