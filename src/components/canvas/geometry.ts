export const NODE_WIDTH = 264;
export const NODE_HEIGHT = 64;
/** Diameter of a "+". */
export const EXIT_SIZE = 22;
/** Height of a loop's title, inside the top of its frame. */
export const LOOP_HEAD = 36;
/** Space a loop keeps around its body. */
export const LOOP_PAD = { top: LOOP_HEAD + 46, side: 20, bottom: 26 };

export interface Point {
  x: number;
  y: number;
}

export interface Box extends Point {
  width: number;
  height: number;
}

const RADIUS = 10;

/** An SVG path along points that are joined by horizontal and vertical lines, its corners rounded. */
export function roundedPath(points: readonly Point[]): string {
  const [first, ...rest] = dropRepeats(points);
  if (!first) return '';
  const corners = rest.map((corner, index) => {
    const before = index === 0 ? first : (rest[index - 1] as Point);
    const after = rest[index + 1];
    if (!after) return `L${corner.x} ${corner.y}`;
    const radius = Math.min(RADIUS, distance(before, corner) / 2, distance(corner, after) / 2);
    const from = towards(corner, before, radius);
    const to = towards(corner, after, radius);
    return `L${from.x} ${from.y}Q${corner.x} ${corner.y} ${to.x} ${to.y}`;
  });
  return `M${first.x} ${first.y}${corners.join('')}`;
}

/** The same way without standing still and without points on a straight line. */
function dropRepeats(points: readonly Point[]): Point[] {
  return points.filter((point, index) => {
    const before = points[index - 1];
    const after = points[index + 1];
    if (before && before.x === point.x && before.y === point.y) return false;
    if (!before || !after) return true;
    const isOnLine =
      (before.x === point.x && point.x === after.x) || (before.y === point.y && point.y === after.y);
    return !isOnLine;
  });
}

const distance = (a: Point, b: Point): number => Math.abs(a.x - b.x) + Math.abs(a.y - b.y);

function towards(from: Point, to: Point, length: number): Point {
  return { x: from.x + Math.sign(to.x - from.x) * length, y: from.y + Math.sign(to.y - from.y) * length };
}
