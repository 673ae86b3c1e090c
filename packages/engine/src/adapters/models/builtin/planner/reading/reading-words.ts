/** Words with which a question is put; a capital letter at the beginning of a sentence makes none of them a name. */
export const readingWords: ReadonlySet<string> = new Set(
  `
  average mean avg typical total sum overall combined count number minimum maximum min max top bottom best worst highest lowest largest biggest smallest
  greatest least most fewest latest newest last first earliest oldest youngest cheapest longest shortest heaviest lightest recent expensive costly
  distinct different unique more less fewer than before after since until between today yesterday year month week quarter day
  sorted ordered ranked grouped split broken down hundred thousand january february march april may june july august september october november december
  monday tuesday wednesday thursday friday saturday sunday mr mrs ms dr dear
`
    .split(/\s+/)
    .filter((word) => word !== ''),
);
