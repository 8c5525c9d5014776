document.querySelector("form[data-form-post]").submit();
