import { Handle, type NodeProps, Position } from '@xyflow/react';
import { labelOf } from '../../core';
import { Icon } from '../shared/icons';
import { useCanvas } from './canvas-context';
import type { PlusElement } from './elements';
import { exitLabel } from './exit-label';

/** The "+" on a connection or at an open exit. At an open exit it can also be dragged to a step, to continue there. */
export function PlusNode({ data }: NodeProps<PlusElement>) {
  const { editing, naming, dropPoint } = useCanvas();
  const label = usePlusLabel(data);
  const point = JSON.stringify(data.point);
  const isOpen = data.target === null;
  return (
    <div className="trama-plus" data-open={isOpen || undefined} data-hinted={data.isEmptyLoop || undefined}>
      <Handle type="target" id="in" position={Position.Top} isConnectable={false} />
      <button
        type="button"
        className="trama-plus-button nodrag nopan"
        aria-label={label}
        title={label}
        aria-haspopup="dialog"
        data-point={point}
        data-drop={dropPoint === point || undefined}
        onClick={(event) => editing?.onInsert(data.point, event.currentTarget)}
      >
        <Icon name="plus" />
      </button>
      {data.isEmptyLoop && (
        <span className="trama-plus-hint" aria-hidden="true">
          {naming.t('canvas.loopEmpty')}
        </span>
      )}
    </div>
  );
}

function usePlusLabel({ source, sourceHandle, target }: PlusElement['data']): string {
  const { naming, blocks } = useCanvas();
  const { definition, locale, t } = naming;
  const name = (id: string) => {
    const node = definition.nodes.find((candidate) => candidate.id === id);
    return node ? labelOf(node, blocks, locale) : id;
  };
  if (target !== null) return t('canvas.addBetween', { source: name(source), target: name(target) });
  const node = definition.nodes.find((candidate) => candidate.id === source);
  const block = node && blocks.get(node.type);
  const exit =
    node && (exitLabel(node, sourceHandle, naming) ?? block?.handleLabels?.[sourceHandle]?.[locale]);
  return exit
    ? t('canvas.addAfterExit', { label: name(source), exit })
    : t('canvas.addAfter', { label: name(source) });
}
