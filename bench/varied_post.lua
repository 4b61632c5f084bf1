-- A POST that is never the same twice: its body holds another number every time, which the schema lets pass.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
local number = 0
request = function()
  number = number + 1
  local filters = '"countryCode":"US","areaCode":"415","numberType":"local","limit":10'
  return wrk.format(nil, nil, nil, '{"filters":{' .. filters .. '},"request":' .. number .. "}")
end
