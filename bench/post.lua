-- The POST of the benchmark: a valid body, sent again and again.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"filters":{"countryCode":"US","areaCode":"415","numberType":"local","limit":10}}'
