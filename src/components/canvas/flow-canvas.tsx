import {
  Background,
  ConnectionLineType,
  type FinalConnectionState,
  type Connection as FlowConnection,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
} from '@xyflow/react';
import {
  type DragEvent,
  type ForwardedRef,
  forwardRef,
  useCallback,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { InsertionPoint } from '../../core';
import { useTexts, useTrama } from '../shared/provider';
import { positionFor } from './arrange';
import { CanvasProvider, type CanvasView } from './canvas-context';
import { CanvasTools } from './canvas-tools';
import type { CanvasElement } from './elements';
import { toEdges } from './elements';
import { FlowEdge } from './flow-edge';
import type { Point } from './geometry';
import { initialView } from './initial-view';
import { LoopNode } from './loop-node';
import { canvasMessages } from './messages';
import { nearestPlus } from './nearest-plus';
import { PlusNode } from './plus-node';
import { StepNode } from './step-node';
import { BLOCK_DRAG_TYPE, type Connection, type FlowCanvasHandle, type FlowCanvasProps } from './types';
import { useCanvasLayout } from './use-canvas-layout';

const nodeTypes = { step: StepNode, loop: LoopNode, plus: PlusNode };
const edgeTypes = { flow: FlowEdge };
const FIT = { padding: 0.12, minZoom: 0.25, maxZoom: 1 };

/** A workflow drawn from top to bottom; with `editing` it can be changed. Fills its parent, which must have a height. */
export const FlowCanvas = forwardRef<FlowCanvasHandle, FlowCanvasProps>(function FlowCanvas(props, ref) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} handle={ref} />
    </ReactFlowProvider>
  );
});

function Canvas(props: FlowCanvasProps & { handle: ForwardedRef<FlowCanvasHandle> }) {
  const {
    definition,
    selectedId = null,
    onNodeClick,
    nodeState,
    edgeState,
    badges,
    shownConfigs,
    tools,
    handle,
  } = props;
  const editing = props.readOnly ? undefined : props.editing;
  const { blocks, providers, locale, colorMode } = useTrama();
  const t = useTexts(canvasMessages);
  const { arrangement, boxes, routes, elements, setDragged } = useCanvasLayout(
    definition,
    blocks,
    editing !== undefined,
  );
  const ariaLabels = useMemo(
    () => ({
      'node.a11yDescription.default': t('canvas.help'),
      'node.a11yDescription.keyboardDisabled': t('canvas.help'),
      'edge.a11yDescription.default': t('canvas.edgeHelp'),
    }),
    [t],
  );
  const root = useRef<HTMLDivElement>(null);
  const flow = useReactFlow();
  const [isConnecting, setIsConnecting] = useState(false);
  const [dropPoint, setDropPoint] = useState<string | null>(null);
  const naming = useMemo(() => ({ definition, blocks, locale, t }), [definition, blocks, locale, t]);
  const edges = useMemo(
    () => toEdges(routes, edgeState, editing?.selectedEdgeId ?? null, naming),
    [routes, edgeState, editing?.selectedEdgeId, naming],
  );
  const place = useRef<Point | null>(null);
  const onDrag = useCallback(
    (nodeId: string, next: Point | null) => {
      const last = place.current;
      place.current = next;
      setDragged(next && { id: nodeId, place: next });
      if (!next && last) editing?.onMove(nodeId, positionFor(definition, arrangement, nodeId, last));
    },
    [setDragged, editing, definition, arrangement],
  );
  const view = useMemo<CanvasView>(
    () => ({
      naming,
      blocks,
      providers,
      selectedId,
      nodeState,
      badges,
      shownConfigs,
      onNodeClick,
      editing,
      onDrag,
      dropPoint,
    }),
    [
      naming,
      blocks,
      providers,
      selectedId,
      nodeState,
      badges,
      shownConfigs,
      onNodeClick,
      editing,
      onDrag,
      dropPoint,
    ],
  );
  const fit = useCallback(() => void flow.fitView(FIT), [flow]);
  const showStart = () => {
    const { clientWidth: width, clientHeight: height } = root.current ?? { clientWidth: 0, clientHeight: 0 };
    if (width > 0) void flow.setViewport(initialView(boxes, { width, height }));
  };
  useImperativeHandle(
    handle,
    () => ({ fitView: fit, focusNode: (id) => focusNode(root.current, id, flow) }),
    [fit, flow],
  );

  // A drawn line cannot take the focus; without it Delete would not be heard.
  const selectEdge = (edgeId: string) => {
    root.current?.focus({ preventScroll: true });
    editing?.onSelectEdge(edgeId);
  };
  const toConnection = (
    connection: Pick<FlowConnection, 'source' | 'target' | 'sourceHandle'>,
  ): Connection => ({
    source: connection.source,
    sourceHandle: connection.sourceHandle ?? 'next',
    target: connection.target,
  });
  const onConnectEnd = (_: unknown, state: FinalConnectionState) => {
    setIsConnecting(false);
    // A refused connection is asked for all the same: the owner knows the reason and says it.
    const { fromNode, fromHandle, toNode, isValid } = state;
    if (isValid || !fromNode || !toNode || toNode.type === 'plus') return;
    editing?.onConnect({ source: fromNode.id, sourceHandle: fromHandle?.id ?? 'next', target: toNode.id });
  };
  const pointUnder = (event: DragEvent): InsertionPoint | null =>
    nearestPlus(root.current, event.clientX, event.clientY);
  const onDragOver = (event: DragEvent) => {
    if (!editing || !event.dataTransfer.types.includes(BLOCK_DRAG_TYPE)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    setDropPoint(JSON.stringify(pointUnder(event)));
  };
  const onDrop = (event: DragEvent) => {
    const type = event.dataTransfer.getData(BLOCK_DRAG_TYPE);
    const point = pointUnder(event);
    setDropPoint(null);
    if (!type || !point) return;
    event.preventDefault();
    editing?.onDropBlock(type, point);
  };

  return (
    <CanvasProvider value={view}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a drop zone for the pointer; the palette and "+" do the same by keyboard */}
      <div
        ref={root}
        className="trama-surface trama-canvas"
        tabIndex={-1}
        data-connecting={isConnecting || undefined}
        data-dropping={dropPoint !== null || undefined}
        onDragOver={onDragOver}
        onDragLeave={(event) => {
          if (!event.currentTarget.contains(event.relatedTarget as Element | null)) setDropPoint(null);
        }}
        onDrop={onDrop}
      >
        <ReactFlow<CanvasElement, (typeof edges)[number]>
          nodes={elements}
          edges={edges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          colorMode={colorMode}
          aria-label={t('canvas.label')}
          ariaLabelConfig={ariaLabels}
          onEdgeClick={(_, edge) => edge.data && !edge.data.isExit && selectEdge(edge.id)}
          onPaneClick={() => editing?.onSelectEdge(null)}
          onConnectStart={() => setIsConnecting(true)}
          onConnect={(connection) => editing?.onConnect(toConnection(connection))}
          onConnectEnd={onConnectEnd}
          isValidConnection={(connection) =>
            editing?.canConnect(
              toConnection({ ...connection, sourceHandle: connection.sourceHandle ?? null }),
            ) ?? false
          }
          onInit={showStart}
          nodesDraggable={false}
          nodesConnectable={editing !== undefined}
          nodesFocusable={false}
          edgesFocusable={false}
          elementsSelectable={false}
          connectionRadius={30}
          connectionLineType={ConnectionLineType.SmoothStep}
          deleteKeyCode={null}
          selectionKeyCode={null}
          multiSelectionKeyCode={null}
          disableKeyboardA11y
          zoomOnDoubleClick={false}
          minZoom={0.25}
          maxZoom={1.75}
          panOnScroll
          zIndexMode="manual"
        >
          <Background gap={20} size={2} />
          <CanvasTools onFit={fit}>{tools}</CanvasTools>
        </ReactFlow>
      </div>
    </CanvasProvider>
  );
}

function focusNode(root: HTMLElement | null, id: string, flow: ReturnType<typeof useReactFlow>): void {
  root?.querySelector<HTMLElement>(`[data-node-id="${CSS.escape(id)}"]`)?.focus({ preventScroll: true });
  const node = flow.getNode(id);
  if (!node || !root) return;
  const { x, y, zoom } = flow.getViewport();
  const [left, top] = [node.position.x * zoom + x, node.position.y * zoom + y];
  const [width, height] = [(node.width ?? 0) * zoom, Math.min(node.height ?? 0, 160) * zoom];
  const isSeen =
    left > 16 && top > 16 && left + width < root.clientWidth - 16 && top + height < root.clientHeight - 16;
  if (isSeen) return;
  void flow.setCenter(node.position.x + (node.width ?? 0) / 2, node.position.y + 60, { zoom });
}
