// The office's table of people. In English.

export default {
  table: {
    open: "Import a table",
    title: "Import a table",
    intro:
      "A CSV or Excel table whose first line names the columns (id, name, group, cards and so on), or a ZIP with one and the pictures beside it: a folder per id, or ID.jpg, ID-1.jpg. It is looked through row by row first, and taken only then.",
    file: "Table or ZIP",
    strays: "Pictures that are nobody's of this table: {{names}}",
    download: "Download the report",
    ground: "Ground",
    ground_usual: "school roll",
    look: "Look it through",
    looking: "Looking…",
    would: "{{enrolled}} rows can be taken, {{refused}} cannot",
    take: "Import {{count}} rows",
    taking: "Importing…",
    done: "{{enrolled}} rows taken, {{refused}} not",
    row: "Row {{row}}",
    enrolled: "fine",
    refused: "refused",
  },
};
