import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** The message the build ends with, or '' when it passes. */
function build(modules: Record<string, string>): string {
  const script = join(__dirname, 'build-with-guard.mjs');
  const { stdout, stderr } = spawnSync(process.execPath, [script, JSON.stringify(modules)], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return stdout;
}

describe('the client-only guard', () => {
  it('lets the kit import its own layers and the packages on the list', () => {
    const modules = {
      'src/index.js': `import './core/a.js'; import 'react/jsx-runtime'; import 'zod';`,
      'src/core/a.js': '',
    };
    expect(build(modules)).toBe('');
  });

  it('refuses a `.server` module and prints the way that leads to it', () => {
    const message = build({
      'src/index.js': `import './components/builder.js';`,
      'src/components/builder.js': `import '../blocks/send.server.js';`,
      'src/blocks/send.server.js': '',
    });
    expect(message).toContain('The browser build reaches src/blocks/send.server.js');
    expect(message).toContain('src/index.js -> src/components/builder.js -> src/blocks/send.server.js');
  });

  it('follows imports made later, on demand', () => {
    const modules = {
      'src/index.js': `export const load = () => import('./server/start.js');`,
      'src/server/start.js': '',
    };
    expect(build(modules)).toContain('src/index.js -> src/server/start.js');
  });

  it.each(['node:crypto', 'fs'])('refuses the Node built-in %s', (builtin) => {
    expect(build({ 'src/index.js': `import '${builtin}';` })).toContain(`src/index.js -> ${builtin}`);
  });

  it('refuses a package nobody put on the list', () => {
    expect(build({ 'src/index.js': `import 'left-pad/deep';` })).toContain(
      'not on the list of browser packages',
    );
  });
});
