-- A GET that is never the same twice: a parameter against caches, which means nothing to the API, counts up.
local number = 0
local start = wrk.path .. (wrk.path:find("?", 1, true) and "&" or "?") .. "_="
request = function()
  number = number + 1
  return wrk.format("GET", start .. number)
end
