// As much of separated values as choosing a column takes; the server reads them in full.

/** The columns of a text: what to call each, and how the server knows it. */
export function columns(text) {
  const lines = text.replace(/^\ufeff/, "").split(/\r\n|\n|\r/).filter((line) => line.trim() !== "");
  if (lines.length === 0) {
    return [];
  }
  const separator = separatorOf(lines[0]);
  const first = fields(lines[0], separator);
  const second = lines.length > 1 ? fields(lines[1], separator) : first;
  const headed = first.some((field, i) => !isValue(field) && field !== second[i]);
  return first
    .map((field, i) => ({
      name: headed && field !== "" ? field : "column " + (i + 1),
      id: String(i + 1),
      value: isNumber(second[i] ?? "") || (second[i] ?? "") === "",
    }))
    .filter((column) => column.value)
    .map(({ name, id }) => ({ name, id }));
}

function separatorOf(line) {
  const counts = [",", ";", "\t", "|"].map((one) => [fields(line, one).length, one]);
  return counts.reduce((best, one) => (one[0] > best[0] ? one : best))[1];
}

function fields(line, separator) {
  const found = [];
  let field = "";
  let quoted = false;
  for (const character of line) {
    if (character === '"') {
      quoted = !quoted;
    } else if (character === separator && !quoted) {
      found.push(field.trim());
      field = "";
    } else {
      field += character;
    }
  }
  found.push(field.trim());
  return found;
}

function isNumber(field) {
  return /^[-+]?[\d.,' ]*\d(e[-+]?\d+)?$/i.test(field);
}

function isValue(field) {
  return field === "" || isNumber(field) || /^\d/.test(field) || /^(na|nan|null)$/i.test(field);
}
