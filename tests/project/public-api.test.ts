import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './source-files';

/** The checked-in list. Adding a name is a decision; removing or renaming one breaks hosts. */
const expected = JSON.parse(readFileSync(join(__dirname, 'public-api.json'), 'utf8')) as Record<
  string,
  string[]
>;

const entryPoints = (
  JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { exports: Record<string, unknown> }
).exports;

/** Names the built entry gives to Node, which imports it as a host would: by the package's own name. */
function exportedNames(entry: string): string[] {
  if (!existsSync(join(root, 'dist')))
    throw new Error('There is no build to check. Run "npm run build" first.');
  const script = `console.log(JSON.stringify(Object.keys(await import(${JSON.stringify(entry)}))))`;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: root,
    encoding: 'utf8',
  });
  return (JSON.parse(output) as string[]).sort();
}

describe('the public API', () => {
  it('lists every entry of the package', () => {
    const entries = Object.keys(entryPoints).filter((key) => !/\.(css|json)$/.test(key));
    expect(Object.keys(expected).sort()).toEqual(entries.map((key) => key.replace(/^\./, 'trama')).sort());
  });

  it.each(Object.keys(expected))('%s exports the names on the list and no others', (entry) => {
    expect(exportedNames(entry)).toEqual([...(expected[entry] ?? [])].sort());
  });

  it('gives the same error class from every entry', () => {
    const script = `
      const [core, server] = await Promise.all([import('trama/core'), import('trama/server')]);
      console.log(core.WorkflowError === server.WorkflowError);`;
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(output.trim()).toBe('true');
  });
});
