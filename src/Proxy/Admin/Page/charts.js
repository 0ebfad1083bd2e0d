// Charts of the last minutes as SVG. Their text alternative is written by whoever draws them.

const svg = 'http://www.w3.org/2000/svg';

function element(kind, attributes) {
  const made = document.createElementNS(svg, kind);
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  return made;
}

// The next of 1, 2 and 5 times a power of ten of the unit that fits, so that the scale seldom moves and reads well.
function roundUp(value, base) {
  let unit = 1;
  while (base !== undefined && value / unit >= base) {
    unit *= base;
  }
  const power = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, value / unit))));
  return [1, 2, 5, 10].map((step) => step * power * unit).find((step) => step >= value) ?? base * unit;
}

function frame(chart, width, height) {
  const lines = [1, 2, 3].map((i) => element('line', { class: 'grid', x1: 0, x2: width, y1: (height * i) / 4, y2: (height * i) / 4 }));
  chart.replaceChildren(...lines);
}

// Layers, each { name, values }, stacked from the first up; `span` points fill the width, the newest is at the right.
export function stack(chart, layers, span) {
  const { width, height } = chart.viewBox.baseVal;
  frame(chart, width, height);
  const length = layers[0]?.values.length ?? 0;
  const totals = Array.from({ length }, (_, i) => layers.reduce((sum, layer) => sum + layer.values[i], 0));
  const top = roundUp(Math.max(0, ...totals));
  const x = (i) => (width * (span - length + i)) / (span - 1);
  const y = (value) => height - (height * value) / top;
  const floor = new Array(length).fill(0);
  for (const layer of layers) {
    if (length < 2 || layer.values.every((value) => value === 0)) {
      continue;
    }
    const lower = floor.map((value, i) => `${x(i).toFixed(1)},${y(value).toFixed(1)}`);
    layer.values.forEach((value, i) => { floor[i] += value; });
    const upper = floor.map((value, i) => `${x(i).toFixed(1)},${y(value).toFixed(1)}`);
    chart.append(element('polygon', { class: layer.name, points: upper.concat(lower.reverse()).join(' ') }));
  }
  return top;
}

// Lines, each { name, values }, over one scale in units of powers of `base`.
export function lines(chart, series, span, base) {
  const { width, height } = chart.viewBox.baseVal;
  frame(chart, width, height);
  const top = roundUp(Math.max(0, ...series.flatMap((line) => line.values)), base);
  for (const line of series) {
    const length = line.values.length;
    if (length > 1) {
      const points = line.values.map((value, i) => `${((width * (span - length + i)) / (span - 1)).toFixed(1)},${(height - ((height - 2) * value) / top).toFixed(1)}`);
      chart.append(element('polyline', { class: 'line-' + line.name, points: points.join(' ') }));
    }
  }
  return top;
}

export function swatch(name) {
  const mark = element('svg', { class: 'swatch', viewBox: '0 0 10 10', 'aria-hidden': 'true' });
  mark.append(element('rect', { class: name, width: 10, height: 10, rx: 2 }));
  return mark;
}
