import { TextEncoder } from 'node:util';

/**
 * What jsdom lacks and the kit needs: `structuredClone`, `TextEncoder`, `ResizeObserver`, `DOMMatrixReadOnly`, element sizes,
 * SVG boxes, `matchMedia`, `scrollIntoView`, pointer capture. Call it once in a jsdom test's setup; it does nothing where they
 * exist.
 */
export function jsdomShims(): void {
  const scope = globalThis as unknown as Record<string, unknown>;
  // Enough for JSON, which is all the kit copies.
  scope.structuredClone ??= (value: unknown) =>
    value === undefined ? undefined : JSON.parse(JSON.stringify(value));
  scope.TextEncoder ??= TextEncoder;
  scope.ResizeObserver ??= class {
    constructor(private readonly callback: ResizeObserverCallback) {}
    observe(target: Element) {
      this.callback([{ target } as ResizeObserverEntry], this as unknown as ResizeObserver);
    }
    unobserve() {}
    disconnect() {}
  };
  scope.DOMMatrixReadOnly ??= class {
    readonly m22: number;
    constructor(transform?: string) {
      const scale = transform?.match(/scale\(([0-9.]+)\)/)?.[1];
      this.m22 = scale === undefined ? 1 : Number(scale);
    }
  };
  Object.defineProperties(HTMLElement.prototype, {
    offsetHeight: { configurable: true, get: () => 64 },
    offsetWidth: { configurable: true, get: () => 264 },
  });
  (SVGElement.prototype as unknown as Record<string, unknown>).getBBox ??= () => ({
    x: 0,
    y: 0,
    width: 0,
    height: 0,
  });
  Element.prototype.scrollIntoView ??= () => {};
  Element.prototype.hasPointerCapture ??= () => false;
  Element.prototype.setPointerCapture ??= () => {};
  Element.prototype.releasePointerCapture ??= () => {};
  window.matchMedia ??= ((query: string) => ({
    matches: false,
    media: query,
    onchange: null,
    addEventListener: () => {},
    removeEventListener: () => {},
    addListener: () => {},
    removeListener: () => {},
    dispatchEvent: () => false,
  })) as typeof window.matchMedia;
}
