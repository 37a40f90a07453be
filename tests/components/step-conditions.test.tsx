import { screen } from '@testing-library/react';
import { ifBlock } from '../../src/blocks/flow/if';
import { StepConditions } from '../../src/components/runs/step-conditions';
import { renderTrama } from './support';

it.each([
  ['Europe/Rome', 'non vale'],
  ['America/New_York', 'vale'],
])('the conditions of a step hold or not by the clock of the company, in %s', (timeZone, told) => {
  const conditions = [{ left: '2026-12-31T04:30:00Z', op: 'before', right: '2026-12-31' } as const];
  renderTrama(<StepConditions input={{ match: 'all', conditions: [...conditions] }} block={ifBlock} />, {
    provider: { timeZone },
  });
  expect(screen.getByText(new RegExp(`: ${told}$`))).toBeInTheDocument();
});
