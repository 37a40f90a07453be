import type { BlockDefinition } from '../block/define';
import { escapePlanOf } from '../block/escape-plan';
import { deferredFields, shownConfig } from '../block/form';
import { migrationProblem } from '../block/migrate';
import type { WorkflowNode } from '../definition/schema';
import { BlockError } from '../errors';
import { formatPath } from '../json';
import { planAt } from '../template/escape';
import type { Formatting } from '../template/filters';
import { resolveConfig, type Scope } from '../template/resolve';

/**
 * What an executor receives: the configuration with its references resolved, parsed and typed by the block's `input`.
 *
 * @throws TemplateError or BlockError, with the path of the field
 */
export function resolveInput(
  node: WorkflowNode,
  block: BlockDefinition,
  scope: Scope,
  formatting: Formatting,
): unknown {
  const outdated = migrationProblem(node, block);
  if (outdated !== null) {
    const message = `The settings of this step were made for an older version of its block and could not be brought to this one: ${outdated}. Set the step up again.`;
    throw new BlockError({ kind: 'terminal', code: 'migration_failed', message, actor: 'developer' });
  }
  const deferred = deferredFields(block.input);
  const escapes = escapePlanOf(block.input);
  const resolved = Object.fromEntries(
    Object.entries(shownConfig(block.input, node.config)).map(([name, value]) => [
      name,
      deferred.has(name) ? value : resolveConfig(value, scope, formatting, [name], planAt(escapes, name)),
    ]),
  );
  const parsed = block.input.safeParse(resolved);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  const path = formatPath(first?.path ?? []);
  const message = `The value of "${path}" cannot be used: ${first?.message ?? 'it is not valid'}. Open the step and correct it.`;
  throw new BlockError({ kind: 'terminal', code: 'input_invalid', message, actor: 'customer', path });
}
