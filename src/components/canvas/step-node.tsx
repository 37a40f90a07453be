import type { NodeProps } from '@xyflow/react';
import { joinClasses, Tile } from '../shared/ui';
import type { StepElement } from './elements';
import { NodeHandles, NodeMarks, NodeMenuButton, useNodeFacts } from './node-parts';
import { useNodeDrag } from './use-node-drag';

/** A step as a card: tile, name, one line of what it does, state. */
export function StepNode({ data }: NodeProps<StepElement>) {
  const { node } = data;
  const facts = useNodeFacts(node);
  const drag = useNodeDrag(node.id);
  return (
    <div
      className={joinClasses('trama-node', facts.editing && 'is-editable')}
      data-selected={facts.isSelected || undefined}
      data-status={facts.state?.status}
      data-disabled={node.disabled || undefined}
      data-invalid={facts.badge?.tone === 'bad' || undefined}
    >
      {facts.isTrigger && <span className="trama-node-when">{facts.t('canvas.when')}</span>}
      <button
        type="button"
        className="trama-node-main nopan"
        {...drag}
        data-node-id={node.id}
        onClick={facts.onClick}
        disabled={!facts.onClick}
        aria-current={facts.isSelected || undefined}
      >
        <Tile provider={facts.provider} icon={facts.block?.icon} />
        <span className="trama-node-text">
          <span className="trama-node-title">{facts.label}</span>
          <span className="trama-node-summary">{facts.summary}</span>
        </span>
        <NodeMarks facts={facts} node={node} />
      </button>
      <NodeMenuButton facts={facts} node={node} />
      <NodeHandles node={node} />
    </div>
  );
}
