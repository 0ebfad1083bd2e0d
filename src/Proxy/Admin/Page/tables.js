// Rows of tables and texts of elements, changed only where they differ, so that selections and scroll places stay.

const shown = new WeakMap();

export const byId = (id) => document.getElementById(id);

export function setText(id, text) {
  const element = byId(id);
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

// A count for people to read, with the exact number beside it.
export function setNumber(id, text, value) {
  setText(id, text);
  byId(id).dataset.value = String(value);
}

// Fills a table. A cell is a text, { key }, { number, text }, or an element; the first one heads its row.
export function fill(table, rows) {
  const print = JSON.stringify(rows, (_, value) => (value instanceof Element ? value.outerHTML : value));
  if (shown.get(table) === print) {
    return;
  }
  shown.set(table, print);
  table.tBodies[0].replaceChildren(...rows.map((cells) => {
    const row = document.createElement('tr');
    row.append(...cells.map((content, i) => cell(content, i === 0)));
    return row;
  }));
}

function cell(content, isHead) {
  const made = document.createElement(isHead ? 'th' : 'td');
  if (isHead) {
    made.scope = 'row';
  }
  if (content instanceof Element) {
    made.append(content);
  } else if (content !== null && typeof content === 'object' && 'key' in content) {
    made.className = 'key';
    made.textContent = content.key;
  } else if (content !== null && typeof content === 'object') {
    made.className = 'n';
    made.dataset.value = String(content.number);
    made.textContent = content.text;
  } else {
    made.textContent = content;
  }
  return made;
}
