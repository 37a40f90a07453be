import type { NodeProps } from '@xyflow/react';
import { CharacterIcon } from '../shared/icons';
import { joinClasses } from '../shared/ui';
import type { StepElement } from './elements';
import { LOOP_HEAD } from './geometry';
import { NodeHandles, NodeMarks, NodeMenuButton, useNodeFacts } from './node-parts';
import { useNodeDrag } from './use-node-drag';

/** A loop as the dashed container its body stands in; its title is the step itself. */
export function LoopNode({ data }: NodeProps<StepElement>) {
  const { node } = data;
  const facts = useNodeFacts(node);
  const drag = useNodeDrag(node.id);
  return (
    <div
      className={joinClasses('trama-loop', facts.editing && 'is-editable')}
      data-selected={facts.isSelected || undefined}
      data-status={facts.state?.status}
      data-disabled={node.disabled || undefined}
      data-invalid={facts.badge?.tone === 'bad' || undefined}
    >
      <div className="trama-loop-title" style={{ height: LOOP_HEAD }}>
        <button
          type="button"
          className="trama-loop-main nopan"
          {...drag}
          data-node-id={node.id}
          onClick={facts.onClick}
          disabled={!facts.onClick}
          aria-current={facts.isSelected || undefined}
        >
          <CharacterIcon character={facts.block?.icon ?? '?'} size={14} />
          <span className="trama-node-title">{facts.label}</span>
          <span className="trama-visually-hidden">{facts.summary}</span>
        </button>
        <NodeMenuButton facts={facts} node={node} />
        <span className="trama-grow" />
        {!facts.badge && !node.disabled && <span className="trama-loop-summary">{facts.summary}</span>}
        <NodeMarks facts={facts} node={node} />
      </div>
      <NodeHandles node={node} />
    </div>
  );
}
