import { screen, within } from '@testing-library/react';
import type { UserEvent } from '@testing-library/user-event';
import { RunViewer } from '../../src/components/runs/run-viewer';
import { createSamples, type SampleRunName } from '../../stories/support/samples';
import { now, type RenderOptions, renderTrama } from './support';

export const idOf = (name: SampleRunName) => createSamples(now.getTime()).byName[name].run.id;
export const open = (name: SampleRunName, options: RenderOptions = {}) =>
  renderTrama(<RunViewer runId={idOf(name)} />, options);
export const detail = () => screen.findByRole('region', { name: /Dettagli del passo|Details of the step/ });
export const timeline = () => screen.findByRole('region', { name: /Cronologia|Timeline/ });
export const canvas = () =>
  screen.findByRole('region', { name: /Il flusso come è stato eseguito|The workflow as it ran/ });
export const step = async (name: RegExp) => within(await timeline()).findByRole('button', { name });
/** By keyboard: the canvas's panning reads more from a press of the mouse than jsdom's carries. */
export const chooseOnCanvas = async (user: UserEvent, name: RegExp) => {
  within(await canvas())
    .getByRole('button', { name })
    .focus();
  await user.keyboard('{Enter}');
};
export const heading = async () =>
  within(await detail()).getAllByRole('heading', { level: 3 })[0] as HTMLElement;
