// What was dropped or chosen: files, and the files of whole folders. Two of one name are told apart by their folders.
const LEFT_OVER = /^(\.|~\$)|^(thumbs\.db|desktop\.ini)$/i;

async function inside(entry, found) {
  if (entry.isFile) {
    const file = await new Promise((resolve, fail) => entry.file(resolve, fail));
    found.push({ file, path: entry.fullPath.replace(/^\//, "") });
    return;
  }
  const reader = entry.createReader();
  for (;;) { // a folder is read in parts of a hundred
    const part = await new Promise((resolve, fail) => reader.readEntries(resolve, fail));
    if (!part.length) return;
    for (const one of part) await inside(one, found);
  }
}

export async function filesOf(dropped) {
  const entries = [...dropped.items].filter((item) => item.kind === "file").map((item) => item.webkitGetAsEntry?.());
  if (!entries.length || entries.some((entry) => !entry)) return chosen(dropped.files);
  const found = [];
  for (const entry of entries) await inside(entry, found);
  return found.filter(wanted);
}

export function chosen(files) {
  return [...files].map((file) => ({ file, path: file.webkitRelativePath || file.name })).filter(wanted);
}

function wanted({ file, path }) {
  return !path.includes("/") || !LEFT_OVER.test(file.name);
}

export function named(files, taken) {
  return files.map(({ file, path }) => {
    const folders = path.split("/").slice(0, -1);
    let name = file.name;
    while (taken.has(name.toLowerCase()) && taken.get(name.toLowerCase()) !== path && folders.length) {
      const dot = name.lastIndexOf(".");
      const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
      name = `${stem} (${folders.pop()})${ending}`;
    }
    taken.set(name.toLowerCase(), path);
    return { file, name };
  });
}
