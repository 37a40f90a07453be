import { screen, waitFor } from '@testing-library/react';
import * as z from 'zod';
import { blocks } from '../../src/blocks';
import { type BlockDefinition, defineBlock, field, type Json } from '../../src/core';
import { definition, node } from '../support/definitions';
import { dialog, renderBuilder } from './builder-page';

const greet = (migrate: NonNullable<BlockDefinition['migrate']>) =>
  defineBlock({
    type: 'test.greet',
    version: 2,
    provider: 'flow',
    label: { en: 'Greet', it: 'Saluta' },
    description: { en: 'Greets', it: 'Saluta qualcuno' },
    icon: 'g',
    sideEffect: 'none',
    input: z.strictObject({ who: z.string().meta(field({ label: { en: 'Who', it: 'Chi' } })) }),
    output: z.unknown(),
    sample: null,
    summary: ({ who }) => `Ciao ${who ?? '?'}`,
    migrate,
  });
const renaming = greet(({ name }) => ({ who: name as Json }));
const failing = greet(() => {
  throw new Error('il nome non è noto');
});

const old = definition([node('greet', 'test.greet', { config: { name: 'Anna' } })], ['trigger -> greet']);
const current = definition(
  [node('greet', 'test.greet', { blockVersion: 2, config: { who: 'Anna' } })],
  ['trigger -> greet'],
);
const open = (block: BlockDefinition, options: Parameters<typeof renderBuilder>[0] = {}) => {
  const all = [...blocks, block];
  return renderBuilder({ definition: old, provider: { blocks: all }, blocks: all, ...options });
};
const saves = (page: Awaited<ReturnType<typeof renderBuilder>>) =>
  page.client.fake.calls.filter(({ route }) => route === 'saveDraft').length;

describe('a workflow set up for older blocks', () => {
  it('is shown as the blocks in use have it, is changed, and saved with the new version', async () => {
    const page = await open(renaming, { props: { autosave: { delayMs: 0 } } });
    expect(page.step('greet')).toHaveTextContent('Ciao Anna');
    await waitFor(() => expect(page.stored()).toEqual({ definition: current, revision: 2 }));
    expect(await screen.findByText(/^Bozza · salvata/)).toBeInTheDocument();
    expect(saves(page)).toBe(1);
    await page.user.click(page.step('greet'));
    expect(dialog('Saluta').getByRole('textbox', { name: 'Chi' })).toHaveTextContent('Anna');
  });

  it('waits to be saved where nothing is saved by itself', async () => {
    const page = await open(renaming);
    expect(screen.getByText('Bozza · modifiche da salvare')).toBeInTheDocument();
    expect(page.stored()).toEqual({ definition: old, revision: 1 });
  });

  it('is not changed when it is of this version already', async () => {
    const page = await open(renaming, { definition: current, props: { autosave: { delayMs: 0 } } });
    expect(screen.getByText(/^Bozza · salvata/)).toBeInTheDocument();
    expect(saves(page)).toBe(0);
  });

  it('keeps settings that cannot be converted, says so at their step, and takes new ones', async () => {
    const page = await open(failing);
    expect(screen.getByText(/^Bozza · salvata/)).toBeInTheDocument();
    expect(page.node('greet').config).toEqual({ name: 'Anna' });
    await page.user.click(page.step('greet'));
    const form = dialog('Saluta');
    expect(
      form.getByText(/non è stato possibile convertirle: il nome non è noto\. Restano come sono/),
    ).toBeVisible();
    await page.user.click(form.getByRole('button', { name: 'Salva' }));
    expect(page.node('greet')).toEqual(old.nodes[1]);
    await page.user.click(page.step('greet'));
    await page.user.type(dialog('Saluta').getByRole('textbox', { name: 'Chi' }), 'Bruno');
    await page.user.click(dialog('Saluta').getByRole('button', { name: 'Salva' }));
    expect(page.node('greet')).toEqual({
      ...{ id: 'greet', type: 'test.greet', blockVersion: 2 },
      config: { who: 'Bruno' },
    });
    page.told((builder) => builder.undo());
    expect(page.node('greet')).toEqual(old.nodes[1]);
  });

  it('is brought up to date when a host puts it in', async () => {
    const page = await open(renaming, { definition: current });
    page.told((builder) => builder.setDefinition(old));
    expect(page.builder().getDefinition()).toEqual(current);
  });
});
