// Commands to copy. Where the clipboard is refused they are at least selected.
(() => {
  for (const button of document.querySelectorAll(".copy")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const code = button.parentElement.querySelector(".replay");
      try {
        await navigator.clipboard.writeText(code.textContent);
        button.textContent = "Copied";
        say("The command is copied.");
      } catch {
        getSelection().selectAllChildren(code);
        button.textContent = "Selected: press Ctrl-C";
        say("The command is selected.");
      }
      setTimeout(() => { button.textContent = "Copy the command"; }, 3000);
    });
  }
})();
