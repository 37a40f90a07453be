import { BaseEdge, EdgeLabelRenderer, type EdgeProps } from '@xyflow/react';
import { useCanvas } from './canvas-context';
import type { FlowEdge as FlowEdgeType } from './elements';
import { exitLabel } from './exit-label';
import { roundedPath } from './geometry';

/** A connection: right angles with rounded corners, and the pill that names its exit. */
export function FlowEdge({ id, data, selected, interactionWidth }: EdgeProps<FlowEdgeType>) {
  const { naming } = useCanvas();
  if (!data) return null;
  const node = naming.definition.nodes.find((candidate) => candidate.id === data.nodeId);
  const label = data.pill && node ? exitLabel(node, data.sourceHandle, naming) : undefined;
  return (
    <>
      <BaseEdge
        id={id}
        path={roundedPath(data.points)}
        className="trama-edge"
        interactionWidth={interactionWidth}
        data-state={data.state}
        data-selected={selected || undefined}
        data-error={data.sourceHandle === 'error' || undefined}
      />
      {label && data.pill && (
        <EdgeLabelRenderer>
          <span
            className="trama-edge-pill"
            data-state={data.state}
            data-error={data.sourceHandle === 'error' || undefined}
            style={{ transform: `translate(${data.pill.x}px, ${data.pill.y}px) translate(-50%, -50%)` }}
          >
            {label}
          </span>
        </EdgeLabelRenderer>
      )}
    </>
  );
}
