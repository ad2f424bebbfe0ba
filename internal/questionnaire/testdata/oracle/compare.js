// Answers surveys as a respondent would, in survey-core. Each line of the input is
// {"survey": definition, "answers": [data, ...]}; each line of the output lists for every data which
// questions were visible in the end and which answers (or missing answers) were refused.
"use strict";
const readline = require("node:readline");
const { Model } = require("survey-core");

const shown = (q) => q.isVisible && q.page.isVisible;

function answer(model, data) {
  model.data = {};
  const refused = new Set();
  for (const q of model.getAllQuestions()) {
    if (!(q.name in data)) continue;
    if (shown(q)) model.setValue(q.name, data[q.name]);
    else refused.add(q.name); // not asked
  }
  const visible = model.getAllQuestions().filter(shown);
  for (const q of visible) if (q.hasErrors(false)) refused.add(q.name);
  model.clearIncorrectValues(); // what is no choice of its question disappears
  for (const q of visible) {
    if (q.name in data && JSON.stringify(model.data[q.name]) !== JSON.stringify(data[q.name])) refused.add(q.name);
  }
  return { visible: visible.map((q) => q.name), refused: [...refused].sort() };
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const { survey, answers } = JSON.parse(line);
  const model = new Model(survey);
  console.log(JSON.stringify(answers.map((data) => answer(model, data))));
});
